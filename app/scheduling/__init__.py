"""Messages written now and sent later, while their author still owns the conversation."""
