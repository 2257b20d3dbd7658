"""Files of a contact: contracts, documents, whatever belongs to the person and to no message."""
