"""Exit codes.

0    done
1    the job failed or was cancelled; `check`: there are v1 calls; `migrate`: something needs review or is left,
     or with --verify something differs; `cassettes convert`: something is left;
     `batch run`: some jobs failed or were refused, are ambiguous or were not downloaded
2    invalid command line or setting, a local file is in the way, or the output can't be written;
     `check`: a path can't be read; `migrate`: a path can't be read or parsed,
     or with --verify nothing could be compared; `batch`: the table or the ledger can't be used
3    the API rejected the call, or has no such story or media
4    no response: a network error, or the host of a file failed
5    not finished: the wait timed out, or there is no file yet; `batch run`: some jobs run on
6    not sent: above the credit limit, declined, or rejected by strict mode; `batch run`: the budget is spent
70   a bug in this program
129  `batch run`: the terminal was closed (SIGHUP)
130  interrupted by Ctrl-C
141  standard output was closed
143  terminated by SIGTERM
"""

DONE, FAILED, USAGE, REJECTED, NETWORK, UNFINISHED, NOT_SENT = range(7)
BUG, HUNG_UP, INTERRUPTED, CLOSED, TERMINATED = 70, 129, 130, 141, 143
