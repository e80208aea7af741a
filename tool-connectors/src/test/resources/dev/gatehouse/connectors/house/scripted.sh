#!/bin/sh
# A scripted MCP server on standard streams. $1 is how it behaves; $LOG takes what it receives, $TOOLS
# names the file with its list of tools.
mode=$1
log=${LOG:-/dev/null}

say() { printf '%s\n' "$1"; }
result() { say '{"jsonrpc":"2.0","id":'"$id"',"result":'"$1"'}'; }
text() { result '{"content":[{"type":"text","text":"'"$1"'"}],"vendor":{"kept":1.10}}'; }

case $mode in
  hang) while read -r line; do :; done; exit 0 ;;
  exit) echo "cannot start, key=$SECRET_KEY" >&2; exit 7 ;;
  stubborn) trap '' TERM ;;
  family)
    sleep 600 &
    sh -c 'sleep 601 & wait' &
    command -v setsid >/dev/null && setsid sleep 602 &
    ;;
  noisy) echo "starting, key=$SECRET_KEY" >&2; echo 'Welcome to my server!'; echo '{"half":'; echo '[]' ;;
esac

while IFS= read -r line; do
  printf '%s\n' "$line" >> "$log"
  rest=${line#*\"id\":}
  id=${rest%%[,\}]*}
  case $line in
    *'"method":"server/discover"'*)
      case $mode in
        modern) result '{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"ttlMs":0,"cacheScope":"public"}' ;;
        touchy) exit 9 ;;
        mute) ;;
        *) say '{"jsonrpc":"2.0","id":'"$id"',"error":{"code":-32601,"message":"what?"}}' ;;
      esac ;;
    *'"method":"subscriptions/listen"'*)
      say '{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":'"$id"'},"notifications":{"toolsListChanged":true}}}' ;;
    *'"method":"initialize"'*)
      result '{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"scripted","version":"1"}}' ;;
    *'"method":"tools/list"'*) result '{"tools":'"$(cat "$TOOLS")"'}' ;;
    *'"method":"ping"'*) result '{}' ;;
    *'"id":"e1"'*) id=$asker; text answered ;;
    *'"name":"question"'*)
      asker=$id
      say '{"jsonrpc":"2.0","id":"e1","method":"elicitation/create","params":{"message":"who?"}}' ;;
    *'"name":"echo"'*) text hello ;;
    *'"name":"env"'*) text "$(env | cut -d= -f1 | sort | tr '\n' ' ')" ;;
    *'"name":"die"'*) exit 3 ;;
    *'"name":"slow"'*) ;;
    *'"name":"deaf"'*) sleep 3600 ;;
    *'"name":"refuse"'*) say '{"jsonrpc":"2.0","id":'"$id"',"error":{"code":-32602,"message":"no such city"}}' ;;
    *'"name":"huge"'*)
      pad=$(head -c 6000 /dev/zero | tr '\0' x)
      say '{"result":{"content":[{"type":"text","text":"'"$pad"'"}]},"jsonrpc":"2.0","id":'"$id"'}' ;;
    *'"name":"progress"'*)
      rest=${line#*\"progressToken\":}
      token=${rest%%[,\}]*}
      say '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":'"$token"',"progress":1,"total":2}}'
      say '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":'"$token"',"progress":2,"total":2}}'
      text done ;;
    *'"name":"change"'*)
      say '[{"name":"echo"},{"name":"change"},{"name":"fresh"}]' > "$TOOLS"
      for _ in 1 2 3 4 5; do say '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'; done
      text changed ;;
    *'"name":"ask"'*)
      call=$id
      say '{"jsonrpc":"2.0","id":"p1","method":"ping"}'
      IFS= read -r pong
      say '{"jsonrpc":"2.0","id":"r1","method":"roots/list"}'
      IFS= read -r roots
      printf '%s\n%s\n' "$pong" "$roots" >> "$log"
      id=$call
      text asked ;;
  esac
done

case $mode in stubborn) while :; do sleep 1; done ;; esac
