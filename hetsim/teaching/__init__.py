"""The teaching page: seven scenes on built-in fields that run in a browser, without a server or a network."""
