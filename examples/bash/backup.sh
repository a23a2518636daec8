#!/usr/bin/env bash
# A Longhaul worker that backs up the folders of a folder, one archive each, and tells how far tar is. Bash, curl, tar, sed and grep.
#
#     ./backup.sh http://localhost:8081
#
# Input: {"source": "/srv", "target": "/backup"}; paths without quotes and backslashes. Kill it at any moment and start it again: finished archives stay.
set -uo pipefail
service=${1:-http://localhost:8081}/api/v1
schema='{"type":"object","required":["source","target"],"properties":{"source":{"type":"string","pattern":"^[^\"\\\\]+$"},"target":{"type":"string","pattern":"^[^\"\\\\]+$"}}}'

# call PATH BODY: until there is an answer; while the service is away, nothing is lost. Leaves the answer in $answer; false: it was refused.
call() {
    while true; do
        answer=$(curl -sS -m 60 -w '\n%{http_code}' -H 'Content-Type: application/json' -d "$2" "$service$1" 2>/dev/null)
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

# say VERB WORDS: a word of the run. False: it was refused, or somebody wants the run to stop ($command).
say() {
    command=
    call "/operations/$operation/run:$1" "{\"run_id\":\"$run\"${2:+,$2}}" || return 1
    command=$(field command)
    [ -z "$command" ]
}

backup() {
    local source target folders n=0 name
    source=$(field source "$claim") target=$(field target "$claim")
    [ -d "$source" ] || { say fail "\"message\":\"there is no folder $source\",\"retryable\":false"; return; }
    mkdir -p "$target"
    mapfile -t folders < <(cd "$source" && ls -d -- */ | sed 's#/$##')
    for name in "${folders[@]}"; do
        n=$((n + 1))
        grep -qF "\"$name\":{" <<< "$steps" && continue   # an earlier attempt finished it
        local files done=0 file
        files=$(find "$source/$name" | wc -l)
        while read -r file; do   # tar names every file that it has packed
            done=$((done + 1))
            ((done % 25 == 0)) && { say report "\"progress\":$((100 * (n - 1) / ${#folders[@]} + 100 * done / files / ${#folders[@]})),\"message\":\"$name: $done of $files files\"" || return; }
        done < <(tar -C "$source" -czvf "$target/$name.tgz.part" -- "$name")
        wait $! || { say fail "\"message\":\"tar could not pack $name\""; return; }
        mv "$target/$name.tgz.part" "$target/$name.tgz"
        say step "\"name\":\"$name\",\"result\":{\"files\":$files}" && say report "\"current\":$n,\"total\":${#folders[@]},\"message\":\"$name\"" || return
    done
    say complete "\"output\":{\"archives\":$n}"
}

while call /workers '{"name":"backup","exclusive":true,"types":[{"type":"backup_folders","description":"Packs the folders of a folder.","input_schema":'"$schema"'}]}'; do
    worker=$(field worker_id)
    while call "/workers/$worker:claim" '{"wait_seconds":20,"runs":[]}'; do
        claim=$answer operation=$(field operation_id) run=$(field run_id)
        steps=$(sed -n 's/.*"steps":{\(.*\)},"progress".*/\1/p' <<< "$claim")
        [ -n "$operation" ] || continue
        backup || { [ -z "$command" ] || say release; }
    done
done
echo "refused: $answer" >&2
exit 1
