"""The command line, the doctor, and what an operator relies on."""
