"""Users of two regions' user pools: which of them have an account, and what each is called in both."""
