"""The four addresses of the replaced debt system, as the chat flows that call it know them."""
