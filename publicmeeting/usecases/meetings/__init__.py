"""The Monday itself: door, room, standby, deputies."""
