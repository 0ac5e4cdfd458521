"""One folder per platform: their words to ours, our cards to theirs."""
