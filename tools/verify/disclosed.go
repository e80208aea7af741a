package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

const saltCharsMin = 22

// disclosed holds disclosures (RFC 9901) against the commitments of the row before them.
func (c *checker) disclosed(committed, line map[string]interface{}) error {
	if len(committed) == 0 {
		return c.here("disclosures of a row that commits to nothing")
	}
	if line["kind"] == "erased" {
		if len(line) != 2 {
			return c.here("the line is not one that an export has here")
		}
		return nil
	}
	texts, isList := line["disclosures"].([]interface{})
	if len(line) != 3 || !isList || len(texts) == 0 {
		return c.here("the line is not one that an export has here")
	}
	seen := map[string]bool{}
	for _, each := range texts {
		text, _ := each.(string)
		name, ok := disclosedName(text)
		if !ok {
			return c.here("a disclosure that cannot be read")
		}
		digest := sha256.Sum256([]byte(text))
		if seen[name] || committed[name] != base64.RawURLEncoding.EncodeToString(digest[:]) {
			return c.here("a disclosure of '" + name + "' that the row does not commit to")
		}
		seen[name] = true
	}
	return nil
}

// disclosedName reads the name out of base64url([salt, name, value]).
func disclosedName(text string) (string, bool) {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", false
	}
	var parts []interface{}
	if json.Unmarshal(plain, &parts) != nil || len(parts) != 3 {
		return "", false
	}
	salt, isText := parts[0].(string)
	name, isName := parts[1].(string)
	return name, isText && isName && len(salt) >= saltCharsMin
}
