"""Session state, act(), page frame per role, navigation, error and offline states."""
