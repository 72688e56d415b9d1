"""What the coach does about an event, one module for each conversation or phase."""
