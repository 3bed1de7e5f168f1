"""Three tiers whose requests stay in their zone: each zone's web tier asks its zone's application, which reads in its zone."""
