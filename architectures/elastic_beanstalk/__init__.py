"""A web application on Elastic Beanstalk in each of two regions, behind one name."""
