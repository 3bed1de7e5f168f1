"""A Kubernetes cluster on EKS in each region, which a repository keeps as it says."""
