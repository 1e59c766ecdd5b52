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
# As systemd reads it: `$`, `&` and `=` in a value are literal. Quotes are removed, also over several lines.
while read -r line || [ -n "$line" ]; do
    name=${line%%=*} value=${line#*=}
    name=${name%"${name##*[![:blank:]]}"} value=${value#"${value%%[![:blank:]]*}"}
    case $line in [A-Za-z_]*=*) ;; *) continue ;; esac
    case $name in *[!A-Za-z0-9_]*) continue ;; esac
    quote=
    case $value in \'* | \"*) quote=${value%"${value#?}"} value=${value#?} ;; esac
    while [ "$quote" ]; do
        case $quote$value in \'*\'* | \"\"* | \"*[!\\]\"* | \"*\\\\\"*) break ;; esac
        IFS= read -r line || [ -n "$line" ] || break
        value="$value
$line"
    done
    case $quote in
        \') value=${value%\'*} ;;
        \") value=$(printf '%s\n' "${value%\"*}" | sed 's/\\\([\\"$`]\)/\1/g') ;;
        *) value=$(printf '%s\n' "$value" | sed 's/\\\(.\)/\1/g') ;;
    esac
    export "$name=$value"
done < "$settings"
umask 077
cd "$root"
exec .venv/bin/python -m publicmeeting "$@"
