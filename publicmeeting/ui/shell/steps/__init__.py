"""The decision bar: buttons for open steps and the form of one (state.py, open it first; views.py), and the page around it."""
