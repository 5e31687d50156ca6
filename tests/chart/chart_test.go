// Package chart holds charts/haechi to what Helm and Kubernetes take: lint without a warning, and every document that comes out of a
// few sets of values decoded strictly, so that a member that Kubernetes does not know fails.
package chart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

const chartFolder = "../../charts/haechi"

// release is what the chart makes of a set of values.
type release struct {
	deployment apps.Deployment
	service    core.Service
	ingress    *networking.Ingress
	budget     *policy.PodDisruptionBudget
	files      *core.ConfigMap
	applying   *batch.Job
	notes      string
}

func (r release) container() core.Container { return r.deployment.Spec.Template.Spec.Containers[0] }

func (r release) env(name string) string {
	for _, variable := range r.container().Env {
		if variable.Name == name {
			return variable.Value
		}
	}
	return ""
}

func values(t *testing.T, name string) map[string]any {
	t.Helper()
	read, err := chartutil.ReadValuesFile(filepath.Join("values", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// render renders the chart with a file of values, and decodes all of it strictly.
func render(t *testing.T, name string) release {
	t.Helper()
	return of(t, values(t, name))
}

// of renders the chart with these values, and decodes all of it strictly.
func of(t *testing.T, given map[string]any) release {
	t.Helper()
	texts, err := try(t, given)
	if err != nil {
		t.Fatal(err)
	}
	var made release
	for file, text := range texts {
		if strings.HasSuffix(file, "NOTES.txt") {
			made.notes = text
		} else if strings.HasSuffix(file, ".yaml") && strings.TrimSpace(text) != "" {
			for _, document := range strings.Split(text, "\n---\n") {
				decode(t, file, document+"\n", &made)
			}
		}
	}
	return made
}

func try(t *testing.T, given map[string]any) (map[string]string, error) {
	t.Helper()
	loaded, err := loader.Load(chartFolder)
	if err != nil {
		t.Fatal(err)
	}
	options := chartutil.ReleaseOptions{Name: "login", Namespace: "identity", IsInstall: true}
	merged, err := chartutil.ToRenderValues(loaded, given, options, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(loaded, merged)
}

func decode(t *testing.T, file, text string, into *release) {
	t.Helper()
	var kind struct{ Kind string }
	if err := yaml.Unmarshal([]byte(text), &kind); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
	var object any
	switch kind.Kind {
	case "Deployment":
		object = &into.deployment
	case "Service":
		object = &into.service
	case "Ingress":
		into.ingress = &networking.Ingress{}
		object = into.ingress
	case "PodDisruptionBudget":
		into.budget = &policy.PodDisruptionBudget{}
		object = into.budget
	case "ConfigMap":
		into.files = &core.ConfigMap{}
		object = into.files
	case "Job":
		into.applying = &batch.Job{}
		object = into.applying
	default:
		t.Fatalf("%s: no test decodes a %q", file, kind.Kind)
	}
	if err := yaml.UnmarshalStrict([]byte(text), object); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
}

func TestLintFindsNothingInAnySetOfValues(t *testing.T) {
	files, _ := filepath.Glob("values/*.yaml")
	if len(files) < 5 {
		t.Fatalf("five sets of values at least, not %v", files)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		found := lint.AllWithKubeVersion(chartFolder, values(t, name), "identity", &chartutil.DefaultCapabilities.KubeVersion)
		for _, message := range found.Messages {
			// An icon is for catalogues of charts.
			if message.Severity > support.InfoSev {
				t.Errorf("%s: %v", name, message)
			}
		}
	}
}

func TestTheLeastThatIsNeededIsTheIssuer(t *testing.T) {
	made := render(t, "minimal")
	if made.env("HAECHI_SERVER__ISSUER") != "https://id.example.com" {
		t.Error(made.container().Env)
	}
	if made.ingress != nil || made.budget == nil || *made.deployment.Spec.Replicas != 2 {
		t.Error("two nodes, one of which may be away, and no Ingress")
	}
	if probe := made.container().ReadinessProbe.HTTPGet.Path; probe != "/readyz" {
		t.Error(probe)
	}
	if !strings.Contains(made.notes, "haechi claim") || !strings.Contains(made.notes, "trustedProxies is empty") {
		t.Error(made.notes)
	}
}

func TestWithoutAnIssuerTheErrorSaysWhatItIs(t *testing.T) {
	_, err := try(t, map[string]any{})
	if err == nil || !strings.Contains(err.Error(), "issuer is required: the https URL") {
		t.Error(err)
	}
}

func TestValuesThatCannotBeRightAreRefused(t *testing.T) {
	for _, given := range []map[string]any{
		{"issuer": "https://id.example.com/"},
		{"issuer": "http://id.example.com"},
		{"issuer": "https://id.example.com", "replica": 3},
		{"issuer": "https://id.example.com", "image": map[string]any{"pullPolicy": "Sometimes"}},
		{"issuer": "https://id.example.com", "startupSeconds": 1},
		{"issuer": "https://id.example.com", "declared": map[string]any{"files": map[string]any{"../apps.yaml": "clients: []"}}},
	} {
		if _, err := try(t, given); err == nil {
			t.Errorf("taken: %v", given)
		}
	}
}

func TestProbesAndIngressFollowAnIssuerWithAPath(t *testing.T) {
	made := render(t, "path")
	container := made.container()
	paths := []string{
		container.StartupProbe.HTTPGet.Path, container.LivenessProbe.HTTPGet.Path, container.ReadinessProbe.HTTPGet.Path,
	}
	if strings.Join(paths, " ") != "/login/kr/healthz /login/kr/healthz /login/kr/readyz" {
		t.Error(paths)
	}
	rule := made.ingress.Spec.Rules[0]
	if rule.HTTP.Paths[0].Path != "/login/kr" || rule.HTTP.Paths[1].Path != "/.well-known/oauth-authorization-server/login/kr" {
		t.Error(rule.HTTP.Paths)
	}
}

func TestAnIngressHasTheHostWithoutThePort(t *testing.T) {
	made := render(t, "path")
	if host := made.ingress.Spec.Rules[0].Host; host != "example.com" {
		t.Error(host)
	}
	if hosts := made.ingress.Spec.TLS[0].Hosts; len(hosts) != 1 || hosts[0] != "example.com" {
		t.Error(hosts)
	}
	if issuer := made.env("HAECHI_SERVER__ISSUER"); issuer != "https://example.com:8443/login/kr" {
		t.Error("apps see the port:", issuer)
	}
}

func TestNumbersStayAsTheyWereWritten(t *testing.T) {
	made := render(t, "numbers")
	for name, want := range map[string]string{
		"HAECHI_SERVER__MAX_CONNECTIONS":      "1000000",
		"HAECHI_AUDIT__MAX_ENTRIES":           "25000000",
		"EXAMPLE_SHARE":                       "0.25",
		"HAECHI_PAGES__SIGN_UP":               "false",
		"HAECHI_DATABASE__ACQUIRE_TIMEOUT_MS": "1500",
	} {
		if got := made.env(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got := made.ingress.Annotations["nginx.ingress.kubernetes.io/proxy-body-size"]; got != "1048576" {
		t.Error(got)
	}
}

func TestFilesOfPrivateAuthoritiesCanBeMounted(t *testing.T) {
	made := render(t, "authorities")
	mounts, volumes := made.container().VolumeMounts, made.deployment.Spec.Template.Spec.Volumes
	if len(mounts) != 1 || mounts[0].MountPath != "/etc/haechi/authorities" || !mounts[0].ReadOnly {
		t.Error(mounts)
	}
	if len(volumes) != 1 || volumes[0].ConfigMap == nil || volumes[0].ConfigMap.Name != "private-authorities" {
		t.Error(volumes)
	}
	if from := made.container().EnvFrom; len(from) != 1 || from[0].SecretRef.Name != "providers" {
		t.Error(from)
	}
}

func TestWhatIsDeclaredIsAppliedBesideTheServerAndNotByDefault(t *testing.T) {
	if made := render(t, "minimal"); made.applying != nil || made.files != nil {
		t.Error("nothing is declared")
	}
	made := render(t, "declared")
	pod := made.applying.Spec.Template.Spec
	if args := strings.Join(pod.Containers[0].Args, " "); args != "apply --prune --yes /etc/haechi/declared/apps.yaml /etc/haechi/declared/providers.toml" {
		t.Error(args)
	}
	if !strings.Contains(made.files.Data["apps.yaml"], "client_id: shop") || len(made.files.Data) != 2 {
		t.Error(made.files.Data)
	}
	if hook := made.applying.Annotations["helm.sh/hook"]; hook != "post-install,post-upgrade" {
		t.Error(hook)
	}
	// The same database, keys and secrets as the nodes have, and none of the labels that the Service finds them by.
	for _, variable := range pod.Containers[0].Env {
		found := false
		for _, other := range made.container().Env {
			found = found || other.String() == variable.String()
		}
		if !found {
			t.Error(variable)
		}
	}
	if len(pod.Containers[0].Env) < 4 || pod.Containers[0].EnvFrom[0].SecretRef.Name != "apps" || len(pod.Volumes) != 2 {
		t.Error(pod)
	}
	if made.applying.Spec.Template.Labels["app.kubernetes.io/name"] == made.service.Spec.Selector["app.kubernetes.io/name"] {
		t.Error("the Service would send requests to the Job")
	}
}

func TestTheExampleOfARepositoryIsTaken(t *testing.T) {
	given, err := chartutil.ReadValuesFile("../../examples/gitops/values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	apps, err := os.ReadFile("../../examples/gitops/apps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// As Argo CD's `fileParameters` and Helm's --set-file put it there.
	given["declared"].(map[string]any)["files"] = map[string]any{"apps.yaml": string(apps)}
	made := of(t, given)
	if made.files.Data["apps.yaml"] != string(apps) {
		t.Error(made.files.Data)
	}
}

func TestAStartMayTakeAsLongAsMigrationsDo(t *testing.T) {
	probe := render(t, "authorities").container().StartupProbe
	if seconds := probe.PeriodSeconds * probe.FailureThreshold; seconds != 1800 {
		t.Error(seconds)
	}
	probe = render(t, "minimal").container().StartupProbe
	if seconds := probe.PeriodSeconds * probe.FailureThreshold; seconds != 600 {
		t.Error(seconds)
	}
}

func TestOneNodeNeedsNoRedisAndNoBudget(t *testing.T) {
	made := render(t, "single")
	if made.budget != nil {
		t.Error("a budget would keep the only node from ever moving")
	}
	for _, one := range []struct {
		set      string
		optional bool
	}{{"single", true}, {"minimal", false}} {
		for _, variable := range render(t, one.set).container().Env {
			if variable.Name == "HAECHI_REDIS__URL" && *variable.ValueFrom.SecretKeyRef.Optional != one.optional {
				t.Errorf("%s: %v", one.set, variable)
			}
		}
	}
	pod := made.deployment.Spec.Template.Spec
	if pod.ImagePullSecrets[0].Name != "registry" || pod.NodeSelector["disk"] != "ssd" || pod.TopologySpreadConstraints[0].TopologyKey != "zone" {
		t.Error(pod)
	}
}

func TestTheSelectorIsPartOfTheLabelsAndStaysTheSame(t *testing.T) {
	made := render(t, "minimal")
	selector := made.deployment.Spec.Selector.MatchLabels
	// A Deployment's selector cannot be changed: another one would make upgrades fail.
	if len(selector) != 2 || selector["app.kubernetes.io/name"] != "haechi" || selector["app.kubernetes.io/instance"] != "login" {
		t.Error(selector)
	}
	for name, value := range selector {
		if made.deployment.Spec.Template.Labels[name] != value || made.service.Spec.Selector[name] != value {
			t.Error(name)
		}
	}
}

func TestTheImageIsThatOfThisVersion(t *testing.T) {
	manifest, err := os.ReadFile("../../Cargo.toml")
	if err != nil {
		t.Fatal(err)
	}
	image := render(t, "minimal").container().Image
	if !strings.Contains(string(manifest), "version = \""+strings.TrimPrefix(image, "haechi:")+"\"") {
		t.Error("the chart's appVersion is not the package's version: ", image)
	}
}
