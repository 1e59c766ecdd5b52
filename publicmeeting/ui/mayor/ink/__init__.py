"""The pen on the screen and the paper from the camera: own browser code for the mayor's table only."""
