"""Lists as files: CSV while it is read, XLSX by a worker; what is in them their own rooms say."""
