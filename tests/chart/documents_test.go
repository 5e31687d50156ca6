package chart

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// inYaml finds the blocks of YAML in a document. One in a list would be further in: there is none.
var inYaml = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// yamlOf is every block of YAML of the documents below docs/, by the document.
func yamlOf(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir("../../docs", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, block := range inYaml.FindAllStringSubmatch(string(text), -1) {
			found[filepath.Base(path)] = append(found[filepath.Base(path)], block[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryYamlOfTheDocumentsIsRead(t *testing.T) {
	count := 0
	for document, blocks := range yamlOf(t) {
		for _, block := range blocks {
			// What is filled in stands for itself: `{issuer}` alone would begin a mapping.
			filled := regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(block, "$1")
			var object map[string]any
			if err := yaml.UnmarshalStrict([]byte(filled), &object); err != nil {
				t.Errorf("%s: %v\n%s", document, err, block)
			}
			count++
		}
	}
	if count < 5 {
		t.Errorf("only %d blocks were found", count)
	}
}

func TestValuesOfTheGuideAreTaken(t *testing.T) {
	for _, document := range []string{"deploy.md", "deploy.ko.md"} {
		blocks := yamlOf(t)[document]
		if len(blocks) != 1 {
			t.Fatalf("%s has %d blocks of values", document, len(blocks))
		}
		var given map[string]any
		if err := yaml.UnmarshalStrict([]byte(blocks[0]), &given); err != nil {
			t.Fatal(document, err)
		}
		// `helm install haechi charts/haechi --set issuer=https://id.example.com`
		given["issuer"] = "https://id.example.com"
		made := of(t, given)
		if mounts := made.container().VolumeMounts; len(mounts) != 1 || mounts[0].MountPath != "/etc/haechi/authorities" {
			t.Error(document, mounts)
		}
		if made.env("HAECHI_REDIS__AUTHORITIES") != "/etc/haechi/authorities/redis.pem" {
			t.Error(document, made.container().Env)
		}
	}
}
