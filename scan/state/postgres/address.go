package postgres

import (
	"errors"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kagiban/kagiban/scan"
)

// Is reports whether a place is the address of a database and no file.
func Is(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

const hidden = "xxxxx"

// Masked is an address without what may be a password.
func Masked(where string) string {
	u, err := url.Parse(where)
	if err != nil { // the text of the error has the password too
		scheme, rest, _ := strings.Cut(where, "://")
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			rest = hidden + rest[i:]
		}
		rest, _, _ = strings.Cut(rest, "?")
		return scheme + "://" + rest
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), hidden)
	}
	if q := u.Query(); q.Has("password") || q.Has("sslpassword") {
		for _, key := range []string{"password", "sslpassword"} {
			if q.Has(key) {
				q.Set(key, hidden)
			}
		}
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// Short is an address by server and database alone, for messages.
func Short(where string) string {
	u, err := url.Parse(Masked(where))
	if err != nil {
		return Masked(where)
	}
	u.User, u.RawQuery = nil, ""
	return u.String()
}

// ErrPassword says that an address has a password, which process lists show.
var ErrPassword = errors.New("a password does not belong into the address of a database, which others on this machine can see: put it into ~/.pgpass, the variable KAGIBAN_STATE_PASSWORD or a file named by --state-password-file")

const (
	connectTakes = 10 * time.Second
	fewestConns  = 4 // a transaction, what is looked up beside it, the walk and the renewal of the lease
	usualConns   = 8
)

// parse reads an address.
func parse(where string, o Options) (*pgxpool.Config, error) {
	u, err := url.Parse(where)
	if err != nil {
		return nil, scan.Errorf("%s is no address of a database: it is written postgres://role@server:port/database", Masked(where))
	}
	q := u.Query()
	if _, has := u.User.Password(); has || q.Has("password") {
		return nil, ErrPassword
	}
	mode := q.Get("sslmode")
	if mode == "" {
		mode = os.Getenv("PGSSLMODE")
	}
	config, err := parseConfig(u)
	if err != nil {
		return nil, scan.Errorf("%s: %w", Masked(where), errors.New(strings.ReplaceAll(err.Error(), where, Masked(where))))
	}
	if far := slices.ContainsFunc(hosts(config), func(h string) bool { return !near(h) }); far {
		switch mode {
		case "":
			q.Set("sslmode", "verify-full")
			u.RawQuery = q.Encode()
			if config, err = parseConfig(u); err != nil {
				return nil, scan.Errorf("%s: %w", Masked(where), err)
			}
		case "disable", "allow", "prefer":
			if !o.Insecure {
				return nil, scan.Errorf("%s: sslmode=%s lets hashes of persons travel in clear text: leave it out (verify-full) and name the authority of the server with sslrootcert=FILE, or say --state-insecure", Masked(where), mode)
			}
		}
	}
	if o.Password != "" {
		config.ConnConfig.Password = o.Password
	}
	if config.ConnConfig.ConnectTimeout == 0 || !q.Has("connect_timeout") {
		config.ConnConfig.ConnectTimeout = connectTakes
	}
	if !q.Has("pool_max_conns") {
		config.MaxConns = usualConns
	}
	config.MaxConns = max(config.MaxConns, fewestConns)
	if params := config.ConnConfig.RuntimeParams; params["application_name"] == "" {
		params["application_name"] = "kagiban"
	}
	return config, nil
}

func parseConfig(u *url.URL) (*pgxpool.Config, error) { return pgxpool.ParseConfig(u.String()) }

// hosts are those that a connection may go to.
func hosts(c *pgxpool.Config) []string {
	list := []string{c.ConnConfig.Host}
	for _, f := range c.ConnConfig.Fallbacks {
		list = append(list, f.Host)
	}
	return list
}

// near reports whether a host is this machine.
func near(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
