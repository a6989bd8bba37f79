# The caret stands under the column, whatever stands before it; nothing steers the terminal.
rule() {
	printf 'title: T\nlogsource: {product: windows}\ndetection:\n  sel: {%s}\n  condition: sel\n' "$1" >rule.yml
	"$EVTXSCAN" lint rule.yml 2>&1
}
rule 'A: x, F|foo: y'
rule "A: '日本 ü é', F|foo: y"
rule "A:	'x	y',	F|foo: y"
printf "title: '\342\200\256'\nlogsource: {product: windows}\ndetection:\n  sel: {A: '\342\200\256', F|\342\200\256foo: y}\n  condition: sel\n" >rule.yml
"$EVTXSCAN" lint rule.yml 2>&1
long=$(printf '%0200d' 0)
rule "A: '$long', F|foo: '$long'"
# Windows line ends, a byte order mark
printf '\357\273\277title: T\r\nlogsource: {product: windows}\r\ndetection:\r\n  sel: {F|foo: y}\r\n  condition: sel\r\n' >rule.yml
"$EVTXSCAN" lint rule.yml 2>&1
echo "status $?"
