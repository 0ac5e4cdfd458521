"""What reaches beyond the house: calendars that are read, feeds that are given, and invitations by e-mail."""
