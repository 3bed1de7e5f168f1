"""What takes time in the simulated AWS, on one simulated clock that moves by command only.

Until the clock is started everything happens at once, as deployments want it. Durations are the estimator's figures or the deployed
resources' own settings; none is written here.
"""
