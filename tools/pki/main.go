// Command pki issues the certificates of the test beds: a CA, and what it signs.
//
//	pki -dir DIR -ca NAME                     makes NAME.crt and NAME.key, a CA
//	pki -dir DIR -ca NAME -cert LEAF -cn CN [-org O] [-host H,H] [-seconds N] [-from N]
//	    [-issuing [-permit DOMAIN]] [-self] [-rsa BITS] [-sha1]
//
// With -issuing the certificate is that of a CA below, to be named by -ca.
// Existing CAs are kept, existing leaves are replaced (that is how they rotate).
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", ".", "folder of the files")
	ca := flag.String("ca", "ca", "name of the CA")
	leaf := flag.String("cert", "", "name of the certificate to issue; none: only the CA")
	cn := flag.String("cn", "", "common name (the user, for a client certificate)")
	org := flag.String("org", "", "organization (the group, for a client certificate)")
	hosts := flag.String("host", "", "DNS names and IP addresses, comma-separated")
	seconds := flag.Int("seconds", 86400, "life time from now")
	from := flag.Int("from", -60, "begin of validity, in seconds from now")
	issuing := flag.Bool("issuing", false, "the certificate is that of a CA")
	permit := flag.String("permit", "", "the only domain for which that CA may issue")
	self := flag.Bool("self", false, "sign the certificate with its own key")
	bits := flag.Int("rsa", 0, "an RSA key of so many bits instead of ECDSA")
	sha1 := flag.Bool("sha1", false, "sign with SHA-1")
	flag.Parse()

	caCert, caKey := authority(*dir, *ca)
	if *leaf == "" {
		return
	}
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: *cn},
		NotBefore:    time.Now().Add(time.Duration(*from) * time.Second),
		NotAfter:     time.Now().Add(time.Duration(*seconds) * time.Second),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if *org != "" {
		template.Subject.Organization = strings.Split(*org, ",")
	}
	for _, host := range strings.Split(*hosts, ",") {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if host != "" {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	if *issuing {
		template.BasicConstraintsValid, template.IsCA = true, true
		template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	}
	if *permit != "" {
		template.PermittedDNSDomainsCritical, template.PermittedDNSDomains = true, []string{*permit}
	}
	if *sha1 {
		template.SignatureAlgorithm = x509.ECDSAWithSHA1
	}
	var key crypto.Signer = newKey()
	if *bits != 0 {
		rsaKey, err := rsa.GenerateKey(rand.Reader, *bits)
		check(err)
		key = rsaKey
	}
	parent, signer := caCert, crypto.Signer(caKey)
	if *self {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	check(err)
	write(*dir, *leaf, der, key)
}

func authority(dir, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	certPEM, err := os.ReadFile(filepath.Join(dir, name+".crt"))
	if err == nil {
		keyPEM, err := os.ReadFile(filepath.Join(dir, name+".key"))
		check(err)
		certBlock, _ := pem.Decode(certPEM)
		keyBlock, _ := pem.Decode(keyPEM)
		cert, err := x509.ParseCertificate(certBlock.Bytes)
		check(err)
		key, err := x509.ParseECPrivateKey(keyBlock.Bytes)
		check(err)
		return cert, key
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Minute),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	key := newKey()
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	check(err)
	write(dir, name, der, key)
	cert, err := x509.ParseCertificate(der)
	check(err)
	return cert, key
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	return key
}

func serial() *big.Int {
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	check(err)
	return number
}

func write(dir, name string, der []byte, key crypto.Signer) {
	block := &pem.Block{Type: "EC PRIVATE KEY"}
	var err error
	if ecKey, ok := key.(*ecdsa.PrivateKey); ok {
		block.Bytes, err = x509.MarshalECPrivateKey(ecKey)
	} else {
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(key)
	}
	check(err)
	check(os.MkdirAll(dir, 0o700))
	replace(filepath.Join(dir, name+".key"), block)
	replace(filepath.Join(dir, name+".crt"), &pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// replace writes atomically: a reader sees the old file or the new one.
func replace(path string, block *pem.Block) {
	temporary := path + ".tmp"
	check(os.WriteFile(temporary, pem.EncodeToMemory(block), 0o600))
	check(os.Rename(temporary, path))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
