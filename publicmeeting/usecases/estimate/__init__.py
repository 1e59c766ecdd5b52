"""When each who waits on a Monday goes in, and whether what was shown came true."""
