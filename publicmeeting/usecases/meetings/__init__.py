"""The Monday itself: reception, room, hall, deputies; start at `agenda.py`."""
