#!/bin/sh
# Run any command of the program as the server runs it: publicmeeting.sh doctor, publicmeeting.sh migrate.
# Started by root, it becomes the user publicmeeting first. PUBLICMEETING_ROOT and PUBLICMEETING_SETTINGS
# name another release and another environment file.
set -eu
root=${PUBLICMEETING_ROOT:-/opt/publicmeeting/current}
settings=${PUBLICMEETING_SETTINGS:-/etc/publicmeeting/environment}

if [ "$(id -u)" = 0 ] && [ "${PUBLICMEETING_AS_ROOT:-}" != yes ]; then
    exec runuser -u publicmeeting -- "$0" "$@"
fi
# As systemd reads it: a value without quotes is literal, also with & or $ in an address.
while read -r line || [ -n "$line" ]; do
    case $line in
        [A-Z]*=[\'\"]*) eval "export $line" ;;
        [A-Z]*=*) export "$line" ;;
    esac
done < "$settings"
umask 077
cd "$root"
exec .venv/bin/python -m publicmeeting "$@"
