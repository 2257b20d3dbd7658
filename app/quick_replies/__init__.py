"""Quick replies: ready texts that staff call by `/` while they write."""
