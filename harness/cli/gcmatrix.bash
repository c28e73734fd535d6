# SPDX-License-Identifier: MIT
# Completion of gcmatrix for bash. Commands and options come from its help, names from `gcmatrix list`. Nothing has to
# be kept in step here.

_gcmatrix_words() # prints the words of a kind, for the option or operand under the cursor
{
    case $1 in
    workloads | collectors | allocators) "${COMP_WORDS[0]}" list --names "$1" 2>/dev/null ;;
    figures) "${COMP_WORDS[0]}" help plot 2>/dev/null | sed -n '/draw one of:/,/^  -p/{/^  -p/d; s/.*draw one of://; s/,//g; p}' ;;
    tables) for table in "$2"/tables/*.csv; do basename "$table" .csv; done ;;
    commands) "${COMP_WORDS[0]}" help 2>/dev/null | sed -n 's/^  \([a-z-]*\)  .*/\1/p' ;;
    options) "${COMP_WORDS[0]}" help "$2" 2>/dev/null | grep -oE -- '(^|[ ,])--[a-z-]+' | tr -d ' ,' ;;
    esac
}

_gcmatrix()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} kind=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        kind=commands
    elif [[ $current == -* ]]; then
        kind=options
    else
        case $before in
        -c | --collector | --baseline) kind=collectors ;;
        --workload) kind=workloads ;;
        -a | --allocator) kind=allocators ;;
        -o | --only | --output) # of a plot -o is --only
            case $command/$before in
            plot/--output | report/--output) kind=folders ;;
            */--output) kind=files ;;
            plot/* | report/* | */--only) kind=figures ;;
            *) kind=files ;;
            esac ;;
        --events | --timeline | --latencies | --spec | --estimate-from | --svg | --html | --chart | --history | --repository) kind=files ;;
        --against) [ "$command" = hunt ] && kind=collectors || kind=files ;;
        --by)
            COMPREPLY=($(compgen -W "time work pause memory garbage" -- "$current"))
            return
            ;;
        --workloads) # names between commas
            COMPREPLY=($(compgen -P "${current%"${current##*,}"}" -W "$(_gcmatrix_words workloads) none" -- "${current##*,}"))
            return
            ;;
        --counter)
            COMPREPLY=($(compgen -W "perf instructions" -- "$current"))
            return
            ;;
        --names)
            COMPREPLY=($(compgen -W "workloads collectors allocators" -- "$current"))
            return
            ;;
        --to)
            COMPREPLY=($(compgen -W "bencher github-action-benchmark" -- "$current"))
            return
            ;;
        --paper)
            COMPREPLY=($(compgen -W "1 2" -- "$current"))
            return
            ;;
        -s | --seed | -r | --runs | -b | --blocks | --precision | --budget | --shard | --nodes | -t | --trials | --timeout | --heap-limit | --cell | --where | --columns | --pictures | --commit | --matching | --build | --limit) return ;;
        *) case $command in
            help) kind=commands ;;
            run | minheap | explicit | lifetimes) kind=workloads ;;
            list | doctor | hunt | bisect) return ;;
            history)
                if [ "$COMP_CWORD" -eq 2 ]; then
                    COMPREPLY=($(compgen -W "add show export" -- "$current"))
                    return
                fi
                kind=files
                ;;
            table) [ "$COMP_CWORD" -eq 3 ] && kind=tables command=${COMP_WORDS[2]} || kind=files ;;
            *) kind=files ;;
            esac ;;
        esac
    fi
    if [ "$kind" = files ] || [ "$kind" = folders ]; then
        COMPREPLY=($(compgen "$([ "$kind" = files ] && echo -f || echo -d)" -- "$current"))
        compopt -o filenames 2>/dev/null
    else
        COMPREPLY=($(compgen -W "$(_gcmatrix_words "$kind" "$command")" -- "$current"))
    fi
}

complete -F _gcmatrix gcmatrix
