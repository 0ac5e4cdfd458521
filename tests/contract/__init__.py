"""Each platform against the contract of its port, over real sockets."""
