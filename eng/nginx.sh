#!/usr/bin/env bash
# A real nginx on 127.0.0.1 that makes indexes of a directory, for the tests.
#   nginx.sh DIR ROOT USER PASSWORD
# Serves what is below ROOT under /html/ and /json/ (an index in that format), under /plain/ without an index, and under
# /locked/html/ and /locked/json/ to USER with PASSWORD only; DIR/access tells what was asked for. Prints "ready URL" when it
# answers; stops, and removes DIR, when its standard input ends: so it never outlives who started it, however that one ends.
set -euo pipefail

dir=$(realpath -m "${1:?a directory}") root=$(realpath "${2:?the directory to serve}") user=${3:?a user} password=${4:?a password}
[[ ! -e $dir ]] || { echo "nginx.sh: $dir exists already; name a directory that can be made and removed." >&2; exit 2; }
for program in nginx setpriv; do
  command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin
  command -v "$program" >/dev/null || { echo "nginx.sh: $program is missing; 'eng/prerequisites.sh --test' installs it." >&2; exit 1; }
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
printf '%s:{PLAIN}%s\n' "$user" "$password" >"$dir/users"

configure() {
  # The worker is who started this: else a root that only its owner may enter would be closed to it.
  [[ $(id -u) -ne 0 ]] || echo "user $(id -un) $(id -gn);"
  cat <<CONF
daemon off;
worker_processes 1;
pid $dir/pid;
error_log $dir/log;
events { worker_connections 512; }
http {
  # A line a request: method, status, bytes of the body, path.
  log_format requests '\$request_method \$status \$body_bytes_sent \$uri';
  access_log $dir/access requests;
  default_type application/octet-stream;
  client_body_temp_path $dir/tmp1; proxy_temp_path $dir/tmp2; fastcgi_temp_path $dir/tmp3; uwsgi_temp_path $dir/tmp4; scgi_temp_path $dir/tmp5;
  server {
    listen 127.0.0.1:$port;
    location /html/ { alias $root/; autoindex on; }
    location /json/ { alias $root/; autoindex on; autoindex_format json; }
    location /plain/ { alias $root/; }
    location /locked/ {
      auth_basic models; auth_basic_user_file $dir/users;
      location /locked/html/ { alias $root/; autoindex on; }
      location /locked/json/ { alias $root/; autoindex on; autoindex_format json; }
    }
    location = /moved/ { return 302 /html/; }
    location = /application/ { default_type text/html; return 200 '<!doctype html><html><head><title>Our models</title></head><body><a href="a.bin">a</a></body></html>'; }
  }
}
CONF
}

for _ in 1 2 3 4 5; do
  # Below the ports that the kernel gives to outgoing connections, so that none of those takes it meanwhile.
  port=$((RANDOM % 12000 + 20000))
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
  configure >"$dir/nginx.conf"
  setpriv --pdeathsig TERM nginx -p "$dir" -e "$dir/log" -c "$dir/nginx.conf" </dev/null >/dev/null 2>&1 &
  pid=$!
  # It writes this file when it has the port, and ends when it does not get it.
  while kill -0 "$pid" 2>/dev/null && [[ ! -s $dir/pid ]]; do sleep 0.02; done
  if [[ -s $dir/pid ]]; then
    echo "ready http://127.0.0.1:$port"
    cat >/dev/null
    exit 0
  fi
done
echo "nginx.sh: nginx did not start:" >&2
tail -n 20 "$dir/log" >&2
exit 1
