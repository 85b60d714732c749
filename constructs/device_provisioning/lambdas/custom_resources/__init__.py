"""What CloudFormation can't create itself: custom resources, one module each."""
