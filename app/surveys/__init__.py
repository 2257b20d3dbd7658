"""The one-question survey after a conversation: asked once, answered once, seen by managers."""
