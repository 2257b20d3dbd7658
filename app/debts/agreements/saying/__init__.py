"""What customers read: in Portuguese, the language of their contracts, whatever screens speak."""
