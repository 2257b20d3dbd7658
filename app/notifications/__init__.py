"""What concerns each person: the bell, sounds, notices of the desktop, and how they want them."""
