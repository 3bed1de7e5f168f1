"""Delivery: who of GitHub may build and deploy, functions whose versions take over by canary, and a pipeline that asks first."""
