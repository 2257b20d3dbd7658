"""Files of messages and contacts: fetched, examined, stored and shown."""
