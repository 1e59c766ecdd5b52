"""What shows that an official is who she is: authenticator, recovery codes, passkeys, lost ones."""
