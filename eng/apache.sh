#!/usr/bin/env bash
# A real Apache on 127.0.0.1 that makes indexes of a directory, for the tests.
#   apache.sh DIR ROOT USER PASSWORD
# Serves what is below ROOT under /fancy/, /simple/ and /table/ (the three forms of its index), and under /locked/ (the fancy
# one) to USER with PASSWORD only. Prints "ready URL" when it answers; stops, and removes DIR, when its standard input ends: so
# it never outlives who started it, however that one ends.
set -euo pipefail

dir=$(realpath -m "${1:?a directory}") root=$(realpath "${2:?the directory to serve}") user=${3:?a user} password=${4:?a password}
modules=/usr/lib/apache2/modules
[[ ! -e $dir ]] || { echo "apache.sh: $dir exists already; name a directory that can be made and removed." >&2; exit 2; }
for program in apache2 setpriv openssl; do
  command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin
  command -v "$program" >/dev/null || { echo "apache.sh: $program is missing; 'eng/prerequisites.sh --test' installs it." >&2; exit 1; }
done

pid=
stop() {
  [[ -z $pid ]] || kill -TERM "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$dir"
# Other than nginx it refuses to work as root, and goes on as somebody who must be let in.
chmod 711 "$dir"
(umask 022; printf '%s:%s\n' "$user" "$(openssl passwd -apr1 "$password")" >"$dir/users")

index() { # PATH OPTIONS
  # A directory of its own for each: with "Alias" they would share their options.
  ln -s "$root" "$dir/$1"
  cat <<CONF
Alias /$1/ $dir/$1/
<Directory $dir/$1/>
  Require all granted
  Options +Indexes +FollowSymLinks
  IndexOptions $2
</Directory>
CONF
}

configure() {
  rm -f "$dir"/{fancy,simple,table,locked}
  cat <<CONF
ServerRoot $dir
ServerName localhost
PidFile $dir/pid
ErrorLog $dir/log
Listen 127.0.0.1:$port
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authn_file_module $modules/mod_authn_file.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule auth_basic_module $modules/mod_auth_basic.so
LoadModule autoindex_module $modules/mod_autoindex.so
LoadModule alias_module $modules/mod_alias.so
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
CONF
  [[ $(id -u) -ne 0 ]] || printf 'User www-data\nGroup www-data\n'
  index fancy FancyIndexing
  index simple None
  index table "FancyIndexing HTMLTable IconsAreLinks"
  index locked FancyIndexing
  cat <<CONF
<Location /locked/>
  AuthType Basic
  AuthName models
  AuthUserFile $dir/users
  Require valid-user
</Location>
CONF
}

for _ in 1 2 3 4 5; do
  # Below the ports that the kernel gives to outgoing connections, so that none of those takes it meanwhile.
  port=$((RANDOM % 12000 + 20000))
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
  configure >"$dir/apache.conf"
  setpriv --pdeathsig TERM apache2 -DFOREGROUND -d "$dir" -f "$dir/apache.conf" </dev/null >"$dir/output" 2>&1 &
  pid=$!
  # It writes this file when it has the port, and ends when it does not get it.
  while kill -0 "$pid" 2>/dev/null && [[ ! -s $dir/pid ]]; do sleep 0.02; done
  if [[ -s $dir/pid ]]; then
    echo "ready http://127.0.0.1:$port"
    cat >/dev/null
    exit 0
  fi
done
echo "apache.sh: apache2 did not start:" >&2
cat "$dir/output" "$dir/log" >&2 2>/dev/null || true
exit 1
