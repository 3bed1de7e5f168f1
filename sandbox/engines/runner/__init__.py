"""The engine for machines without the Pulumi CLI: the unchanged program on the SDK's own mock monitor."""
