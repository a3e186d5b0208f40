#compdef larder
# Completion of the larder command for zsh: sourced, or found as _larder on $fpath.
_larder() {
    local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
    local -a found
    found=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
    found=("${(@)found:#}")
    if (( ${#found} )); then
        compadd -- "${found[@]}"
    else
        # Where it has nothing to say, files.
        _files
    fi
}
if [[ "${funcstack[1]}" == _larder ]]; then
    _larder "$@"
else
    compdef _larder larder
fi
