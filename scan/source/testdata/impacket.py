# Serves a folder as the share DATA: impacket.py FOLDER PORT
import sys

from impacket import smbserver
from impacket.ntlm import compute_lmhash, compute_nthash

server = smbserver.SimpleSMBServer(listenAddress="127.0.0.1", listenPort=int(sys.argv[2]))
server.addShare("DATA", sys.argv[1], "")
server.setSMB2Support(True)
server.addCredential("kagiban", 0, compute_lmhash("kagiban-demo"), compute_nthash("kagiban-demo"))
server.start()
