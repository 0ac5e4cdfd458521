"""Calendars, pure: when a series falls, what is free, what a calendar file says, and what somebody else's holds."""
