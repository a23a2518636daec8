#!/usr/bin/env bash
# A Longhaul worker that archives each folder of a folder, with the progress of tar. Needs curl, tar, sed and grep.
#
#     ./backup.sh http://localhost:8081
#
# Input: {"source": "/srv", "target": "/backup"}; paths without quotes and backslashes.
# Kill it at any time and start it again: finished archives are not repeated.
set -uo pipefail
service=${1:-http://localhost:8081}/api/v1
path='{"type":"string","pattern":"^[^\"\\\\]+$"}'
schema='{"type":"object","required":["source","target"],"properties":{"source":'$path',"target":'$path'}}'

# call PATH BODY: retries until the service answers. Sets $answer; returns false for a refusal.
call() {
    while true; do
        answer=$(curl -sS -m 60 -w '\n%{http_code}' -H 'Content-Type: application/json' -d "$2" \
            "$service$1" 2>/dev/null)
        local status=${answer##*$'\n'}
        answer=${answer%$'\n'*}
        case $status in
            2??) return 0 ;;
            4??) return 1 ;;
        esac
        sleep 0.5
    done
}

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<< "${2:-$answer}" | head -1; }

# send VERB MEMBERS: an update of the run. Returns false for a refusal, or if the run must stop ($command).
send() {
    command=
    call "/operations/$operation/run:$1" "{\"run_id\":\"$run\"${2:+,$2}}" || return 1
    command=$(field command)
    [ -z "$command" ]
}

backup() {
    local source target folders n=0 name
    source=$(field source "$claim") target=$(field target "$claim")
    [ -d "$source" ] || { send fail "\"message\":\"there is no folder $source\",\"retryable\":false"; return; }
    mkdir -p "$target"
    mapfile -t folders < <(cd "$source" && ls -d -- */ | sed 's#/$##')
    for name in "${folders[@]}"; do
        n=$((n + 1))
        grep -qF "\"$name\":{" <<< "$steps" && continue   # finished by an earlier attempt
        local files done=0 file percent
        files=$(find "$source/$name" | wc -l)
        while read -r file; do   # tar prints each file
            done=$((done + 1))
            ((done % 25 == 0)) || continue
            percent=$((100 * (n - 1) / ${#folders[@]} + 100 * done / files / ${#folders[@]}))
            send report "\"progress\":$percent,\"message\":\"$name: $done of $files files\"" || return
        done < <(tar -C "$source" -czvf "$target/$name.tgz.part" -- "$name")
        wait $! || { send fail "\"message\":\"tar could not archive $name\""; return; }
        mv "$target/$name.tgz.part" "$target/$name.tgz"
        send step "\"name\":\"$name\",\"result\":{\"files\":$files}" \
            && send report "\"current\":$n,\"total\":${#folders[@]},\"message\":\"$name\"" || return
    done
    send complete "\"output\":{\"archives\":$n}"
}

type='{"type":"backup_folders","description":"Archives the folders of a folder.","input_schema":'"$schema"'}'
while call /workers '{"name":"backup","exclusive":true,"types":['"$type"']}'; do
    worker=$(field worker_id)
    while call "/workers/$worker:claim" '{"wait_seconds":20,"runs":[]}'; do
        claim=$answer operation=$(field operation_id) run=$(field run_id)
        steps=$(sed -n 's/.*"steps":{\(.*\)},"progress".*/\1/p' <<< "$claim")
        [ -n "$operation" ] || continue
        backup || { [ -z "$command" ] || send release; }
    done
done
echo "refused: $answer" >&2
exit 1
