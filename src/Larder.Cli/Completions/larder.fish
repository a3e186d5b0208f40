# Completion of the larder command for fish: sourced, or found as completions/larder.fish.
function __larder_complete
    set -l line (commandline -cp)
    set -l found (larder "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        # Where it has nothing to say, files.
        __fish_complete_path (commandline -ct)
    end
end
complete -c larder -f -a '(__larder_complete)'
