# make demo   makes a sample share, serves it with Samba, scans it, writes reports
# make eval   measures the detection on generated documents, writes the manual's table
# make test   installs what the tests need and runs all of them; none is skipped
# On a fresh Debian machine as root, Go and make are all that is needed.

FUZZTIME ?= 1m

.PHONY: build demo eval fit fuzz test race lint bench bench-smb bench-incident bounds chaos demo-cluster chaos-cluster bench-cluster cross clean

build:
	go build -trimpath -o bin/kagiban ./cmd/kagiban

demo: build
	bash .ci/install.sh samba
	go build -trimpath -tags demo -o bin/kagiban-demo ./cmd/kagiban
	bin/kagiban-demo demo --dir demo

test:
	bash .ci/install.sh samba samba-acls impacket kerberos keyring chromium fetcher archivers postgresql
	bash .ci/axe.sh
	bash .ci/test.sh

# What works side by side, under the race detector, once more: not formats and
# detectors, in which a test allows no goroutine (the engine's tests run them side by
# side), nor the kit of the store on a server, which does one thing after the other,
# nor the drills of scan/source that hold times, since it makes the signing of SMB ten
# times slower.
race:
	bash .ci/install.sh compiler samba samba-acls impacket kerberos postgresql
	CGO_ENABLED=1 go test -race ./scan/engine ./scan/isolate ./scan/state/... -skip "^TestStore(OnServer|BehindPooler)$$"
	CGO_ENABLED=1 go test -race ./scan/source -skip '^TestSMB(Run|Silence|Chaos)'

eval:
	go test ./scan/scantest/evalset -run TestEvaluation -count=1 -update

# Fits the points of the score to the training half and writes detectors/internal/score/weights.go.
fit:
	go test ./scan/scantest/evalset -run TestFit -count=1 -fit

# Mutates the seeds of every parser and of the whole examination; FUZZTIME is for each target.
fuzz:
	FUZZTIME=$(FUZZTIME) bash .ci/fuzz.sh

lint:
	bash .ci/lint.sh

# Each figure is a ratio to a bound that is measured in the same run; takes minutes.
bench:
	KAGIBAN_BENCH_EXCELIZE=1 go test ./cmd/kagiban -run '^$$' -bench . -skip SMBThroughput -benchtime 3x -timeout 60m
	bash .ci/install.sh samba
	go test ./scan/source ./detectors -run '^$$' -bench . -benchtime 3x -timeout 60m

# Rebuilds the leak of 2015 at full size by a seed, scans it, and asks what it held
# and for each of its numbers; takes some minutes and a gigabyte.
bench-incident:
	KAGIBAN_INCIDENT=full go test ./cmd/kagiban -run 'TestIncident$$' -count 1 -v -timeout 60m

# Reads over SMB from near and far, beside the bare library and smbclient, and
# writes the manual's table; takes ten to twenty minutes.
bench-smb:
	bash .ci/install.sh samba
	go test ./cmd/kagiban -run '^$$' -bench SMBThroughput -benchtime 1x -timeout 60m -update-throughput

# Lets faults of each kind befall scans at random points, by a seed, and prints
# what became of them; takes some twenty minutes. Another seed is another world.
CHAOS ?= 12
SEED ?= 1
chaos:
	bash .ci/install.sh samba
	CHAOS=$(CHAOS) SEED=$(SEED) bash .ci/chaos.sh

# Scans the fixtures and the folders BOUNDS (separated by colons), and MUTATIONS damaged
# copies of each file; says how much memory the largest process took and which files
# took longest.
BOUNDS ?=
MUTATIONS ?= 4
bounds:
	KAGIBAN_BOUNDS=$(BOUNDS) KAGIBAN_MUTATIONS=$(MUTATIONS) go test ./cmd/kagiban -run '^TestBounds$$' -v -count=1 -timeout 2h

# A PostgreSQL, three file servers and three nodes do one run together; the report is
# compared with that of one process and written to demo-cluster.
demo-cluster:
	bash .ci/install.sh samba postgresql
	KAGIBAN_TEST_REQUIRE=1 KAGIBAN_CLUSTER_OUT=$(CURDIR)/demo-cluster go test ./cmd/kagiban -run '^TestCluster$$' -v -count=1 -timeout 20m

# Kills, freezes and cuts off nodes and their database at random moments, by a seed;
# fifty runs take some forty minutes.
chaos-cluster:
	bash .ci/install.sh samba postgresql
	KAGIBAN_TEST_REQUIRE=1 KAGIBAN_CHAOS=$(CHAOS) KAGIBAN_CHAOS_SEED=$(SEED) go test ./cmd/kagiban -run '^TestClusterChaos$$' -v -count=1 -timeout 3h

# How much faster 2, 4 and 8 nodes are than one, at servers 20 ms away.
bench-cluster:
	bash .ci/install.sh samba postgresql
	go test ./cmd/kagiban -run '^$$' -bench Cluster -benchtime 1x -timeout 20m -v

cross:
	GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build -o /dev/null ./cmd/kagiban
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build -o /dev/null ./cmd/kagiban
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -o /dev/null ./cmd/kagiban
	GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build -tags demo -o /dev/null ./cmd/kagiban
	GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 go build -o /dev/null ./cmd/kagiban

clean:
	rm -rf bin demo demo-cluster
