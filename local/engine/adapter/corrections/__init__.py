"""One file per correction: NAME, WRONG (what the stock engine does), AWS (where the right behaviour is documented), install()."""
