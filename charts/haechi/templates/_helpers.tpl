{{- /* The labels that select the Pods of a release. */ -}}
{{- define "haechi.selector" -}}
app.kubernetes.io/name: haechi
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* The labels of every object. */ -}}
{{- define "haechi.labels" -}}
{{ include "haechi.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "haechi.issuer" -}}
{{ required "issuer is required: the https URL that users and apps open, such as https://id.example.com" .Values.issuer }}
{{- end }}

{{- /* The issuer's path, under which everything is served, the probes included; empty where it has none. */ -}}
{{- define "haechi.path" -}}
{{ (urlParse (include "haechi.issuer" .)).path | trimSuffix "/" }}
{{- end }}

{{- /* The issuer's host without its port, as an Ingress wants it. */ -}}
{{- define "haechi.host" -}}
{{ (urlParse (include "haechi.issuer" .)).hostname }}
{{- end }}

{{- /* A value as a text. Helm reads every number as a float, whose own form is 1e+06 from a million on. */ -}}
{{- define "haechi.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{- define "haechi.image" -}}
{{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}

{{- /* The settings of everything that runs against the database: the server, and what is run beside it. */ -}}
{{- define "haechi.environment" -}}
- { name: HAECHI_SERVER__ISSUER, value: {{ include "haechi.issuer" . | quote }} }
{{- if .Values.trustedProxies }}
- { name: HAECHI_NETWORK__TRUSTED_PROXIES, value: {{ printf "[%s]" (join "," .Values.trustedProxies) | quote }} }
{{- end }}
- name: HAECHI_DATABASE__URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret | quote }}, key: database-url } }
- name: HAECHI_REDIS__URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret | quote }}, key: redis-url, optional: {{ le (int .Values.replicas) 1 }} } }
- name: HAECHI_KEYS__KEY_ENCRYPTION_KEY
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret | quote }}, key: key-encryption-key } }
{{- range $name, $value := .Values.environment }}
- { name: {{ $name }}, value: {{ include "haechi.text" $value | quote }} }
{{- end }}
{{- end }}
