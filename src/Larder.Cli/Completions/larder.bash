# Completion of the larder command for bash: sourced, or found as bash-completion/completions/larder.
_larder() {
    local line=${COMP_LINE:0:COMP_POINT} word before i
    word=${line##*[[:space:]]}
    mapfile -t COMPREPLY < <("${1/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
    # To bash a colon ends a word: what stands before it is on the line already.
    before=
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        before=${word%"${word##*:}"}
    fi
    for i in "${!COMPREPLY[@]}"; do
        printf -v 'COMPREPLY[i]' %q "${COMPREPLY[i]#"$before"}"
    done
}
# Where it has nothing to say, files.
complete -o bashdefault -o default -F _larder larder
