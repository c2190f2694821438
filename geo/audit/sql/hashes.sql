SELECT seq, hash FROM audit_link WHERE seq = ANY(:seqs)
