#!/bin/bash
first() {
    cat <<EOF > /tmp/x
in_heredoc() {
it's never closed "here
EOF
    cat <<-'END' <<"SECOND"
	}
	in_quoted() { :; }
	END
}
SECOND
    cat <<< "here_string() {"
}
echo "# no comment" 'in_string() { :; }' # in_comment() { :; }
x=$(( 1 << 4 ))
y=`echo "backticks() {"`
z=$(cat <<EOF
in_substitution() {
EOF
)
last() { :; }
