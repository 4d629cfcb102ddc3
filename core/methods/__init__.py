"""How weights are adapted: which of them move, and what moves beside them."""
