// What a shell does to standard input, output and errors: closed, a full disk
// behind them, a reader who went away.
#pragma once

namespace msdbench {

// To be called first. Descriptors 0 to 2 that are closed are taken, so that no
// record is opened as one of them and printed into; writing to a standard
// output that was closed fails. A reader who goes away (`| head`) no longer
// ends the program in the middle of its work.
void PrepareStandardStreams();

// To be called last, with the exit code so far. Where something of standard
// output could not be written, says so and returns 4 in place of 0; where its
// reader went away, ends silently by SIGPIPE as other programs do, unless
// whoever started this one ignores that signal.
int FinishStandardOutput(int code);

}  // namespace msdbench
