#!/bin/sh
# Makes the secrets of docker-compose.yml, each in a volume of those who need it. A password that
# exists stays; the URLs are written anew, so a changed DATABASE_PORT reaches them.
set -eu

write() { # file; whole or not at all; the volume is closed to all other containers
    cat >"$1.new"
    chmod 0444 "$1.new"
    mv "$1.new" "$1"
}

for name in admin owner app; do
    file=/secrets/database/${name}_password
    [ -s "$file" ] || head -c 24 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_' | write "$file"
done

url() { # role, password file
    printf 'postgresql://%s:%s@127.0.0.1:%s/wangge\n' "$1" "$(cat "$2")" "$DATABASE_PORT"
}

url wangge_owner /secrets/database/owner_password | write /secrets/owner/database_url
url wangge_app /secrets/database/app_password | write /secrets/application/database_url
