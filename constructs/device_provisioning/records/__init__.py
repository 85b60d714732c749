"""The items of an allow list as functions in the cloud, constructs and the command see them."""
